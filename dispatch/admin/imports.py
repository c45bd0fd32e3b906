"""Imports: send a file, look at what it would do, import it or forget it; the runs, and undoing one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from dispatch import access
from dispatch.actions import import_jobs
from dispatch.actions.house import lineage_or_top
from dispatch.actions.imports import look_at_undo, may_undo, undo_import
from dispatch.admin.base import HouseAdmin
from dispatch.admin.import_forms import OptionsForm, UploadForm, initial_of
from dispatch.admin.import_words import say_count, say_note, say_noun, say_refusal
from dispatch.admin.site import site, tops_of, viewer_of
from dispatch.errors import DispatchError
from dispatch.import_files import require_import
from dispatch.import_work import PROGRESS, SAMPLE, TOKENS, read_private
from dispatch.models import ImportJob, JobState
from dispatch.uploads import folder_of, forget_folder, keep_file
from geo.live_runs import INTERRUPTED, was_interrupted
from geo.models import Area, ImportRun, ImportState
from geo.undo import Undone

OPEN_JOBS = (JobState.WAITING, JobState.WORKING, JobState.PREVIEWED, JobState.FAILED)
REFUSED_SHOWN = 200
WRITTEN = frozenset({"added", "changed"})


@admin.register(ImportRun, site=site)
class ImportRunAdmin(HouseAdmin):
    """Runs of imports; adding one is sending a file, and nothing here is edited."""

    list_display = ("id", "what", "file_name", "outcome", "begun", "numbers", "attribution", "invented", "undoable")
    list_filter = ("state", "kind", "made_up")
    search_fields = ("file_name", "source", "attribution")
    list_display_links = ("id", "file_name")
    change_list_template = "house/import_runs.html"

    def get_urls(self) -> list[Any]:
        """Add the way of a file: its page, its progress, its map, its tokens; and undoing a run."""
        wrap = self.admin_site.admin_view
        own = [
            path("send/", wrap(self.send_view), name="import_send"),
            path("send/may", self.may_send, name="import_may_send"),
            path("file/<uuid:uid>/", wrap(self.job_view), name="import_job"),
            path("file/<uuid:uid>/state", wrap(self.job_state), name="import_job_state"),
            path("file/<uuid:uid>/map", wrap(self.job_map), name="import_job_map"),
            path("file/<uuid:uid>/tokens", wrap(self.job_tokens), name="import_job_tokens"),
            path("<int:run_id>/undo/", wrap(self.undo_view), name="import_undo"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the runs, previews aside, that wrote in the administrator's subtrees only, and the map's for those at the top."""
        tops = tops_of(request)
        below = list(Area.objects.filter(lineage__overlap=tops).values_list("pk", flat=True))
        mine = Q(area_ids__contained_by=below) & ~Q(area_ids=[])
        if set(tops) & set(lineage_or_top(None, viewer_of(request))):
            mine |= Q(area_ids=[])
        return super().get_queryset(request).filter(mine).exclude(state=ImportState.PREVIEW)

    def subjects_of(self, obj: Any) -> list[str]:
        """Return the journal's subject of a run."""
        return [f"import:{obj.uid}"]

    @admin.display(description=gettext_lazy("What"))
    def what(self, run: ImportRun) -> str:
        """Return what was imported."""
        return say_noun(
            {"roads": "road", "cameras": "camera", "areas": "area", "units": "unit"}.get(run.kind, run.kind)
        )

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def outcome(self, run: ImportRun) -> str:
        """Return the state, and why where a run's process died."""
        said = str(ImportState(run.state).label)
        return f"{said}: {say_note(INTERRUPTED, {})}" if was_interrupted(run) else said

    @admin.display(description=gettext_lazy("Rows"))
    def numbers(self, run: ImportRun) -> str:
        """Return the counts in words."""
        written = {name: value for name, value in run.counts.items() if name.rpartition("_")[2] in WRITTEN}
        refused = [f"{run.refused_total:,} {_('refused')}"] if run.refused_total else []
        return ", ".join([*(f"{value:,} {name}" for name, value in counts_of(written)), *refused]) or "–"

    @admin.display(description=gettext_lazy("Begun"), ordering="started_at")
    def begun(self, run: ImportRun) -> str:
        """Return when it began."""
        return f"{run.started_at:%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("Made-up data"))
    def invented(self, run: ImportRun) -> str:
        """Return the mark of invented data."""
        return _("made up") if run.made_up else ""

    @admin.display(description=gettext_lazy("Can be undone"))
    def undoable(self, run: ImportRun) -> str:
        """Return whether what it changed is kept."""
        return "✓" if run.traced else ""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the runs, and above them this administrator's own files on their way."""
        jobs = ImportJob.objects.filter(made_by_id=viewer_of(request).pk, state__in=OPEN_JOBS)
        return super().changelist_view(request, {**(extra_context or {}), "jobs": jobs, "title": _("Imports")})

    def may_send(self, request: HttpRequest) -> HttpResponse:
        """Answer nginx, which asks before it takes a file: 204 or 403."""
        may = site.has_permission(request) and access.can(viewer_of(request), "import.run")
        return HttpResponse(status=204 if may else 403, headers={"Cache-Control": "no-store"})

    def send_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file at the address where nginx lets big ones through."""
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:geo_importrun_add"))
        return self.add_view(request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for a file, or take one."""
        form = UploadForm(request.POST or None, request.FILES or None, initial={"timezone": "Asia/Shanghai"})
        if request.method == "POST" and form.is_valid():
            job = self._send(request, form)
            if job is not None:
                return HttpResponseRedirect(reverse("admin:import_job", args=[job.uid]))
        return self._page(
            request, "house/import_new.html", _("Import a file"), form=form, limit_mb=settings.IMPORT_MAX_MB
        )

    def _send(self, request: HttpRequest, form: UploadForm) -> ImportJob | None:
        viewer, uid, sent = viewer_of(request), uuid7(), form.cleaned_data.get("file")
        kind = form.cleaned_data["kind"]
        try:
            require_import(viewer, kind)
            if sent is None:
                raise DispatchError("bad_input", field="file", why="no_file", limit=settings.IMPORT_MAX_MB)
            kept = keep_file(uid, kind, sent.name or "", sent.chunks())
            try:
                return import_jobs.upload_import(
                    actor=viewer,
                    uid=uid,
                    kind=kind,
                    file_name=kept.name,
                    size_bytes=kept.stat().st_size,
                    options=form.options(),
                )
            except BaseException:
                forget_folder(uid)
                raise
        except DispatchError as error:
            form.add_error("file" if error.field == "file" else None, say_refusal(error.code, error.facts, error.field))
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one run."""
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        return self._page(
            request,
            "house/import_run.html",
            run.file_name,
            run=run,
            may_undo=may_undo(viewer_of(request), run),
            **said_of(run),
        )

    def job_view(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        """Show a file on its way; take what is decided about it."""
        job = self._job(request, uid)
        form = OptionsForm(request.POST if request.POST.get("do") == "again" else None, initial=initial_of(job.options))
        if request.method == "POST":
            answer = self._decide(request, job, form)
            if answer is not None:
                return answer
        run = job.run or job.preview_run
        return self._page(
            request, "house/import_job.html", job.file_name, job=job, form=form, found=job.found, run=run,
            problem=say_refusal(job.problem["code"], job.problem["facts"], job.problem["field"]) if job.problem else "",
            tokens=(folder_of(job.uid) / TOKENS).is_file() and job.state == JobState.DONE,
            moving=job.state in {JobState.WAITING, JobState.WORKING}, has_map=job.kind != "units", **(said_of(run) if run else {}),
        )  # fmt: skip

    def _decide(self, request: HttpRequest, job: ImportJob, form: OptionsForm) -> HttpResponse | None:
        viewer, do = viewer_of(request), request.POST.get("do")
        try:
            if do == "again":
                if not form.is_valid():
                    return None
                import_jobs.look_again(actor=viewer, uid=job.uid, options=form.options())
            elif do == "import":
                import_jobs.approve_import(actor=viewer, uid=job.uid)
            elif do == "discard":
                import_jobs.discard_import(actor=viewer, uid=job.uid)
                messages.success(request, _("The file is forgotten; nothing of it was imported."))
                return HttpResponseRedirect(reverse("admin:geo_importrun_changelist"))
        except DispatchError as error:
            messages.error(request, say_refusal(error.code, error.facts, error.field))
        return HttpResponseRedirect(reverse("admin:import_job", args=[job.uid]))

    def job_state(self, request: HttpRequest, uid: UUID) -> JsonResponse:
        """Return how far a file is."""
        job = self._job(request, uid)
        progress = read_private(job, PROGRESS) if job.state == JobState.WORKING else None
        return _uncached({"state": job.state, "wants": job.wants, **(progress or {})})

    def job_map(self, request: HttpRequest, uid: UUID) -> JsonResponse:
        """Return what the preview would write, thinned out, for the map."""
        job = self._job(request, uid)
        sample = read_private(job, SAMPLE) if job.state == JobState.PREVIEWED else None
        if sample is None:
            raise Http404
        return _uncached(sample)

    def job_tokens(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        """Hand out the tokens of new beacons, once."""
        job = self._job(request, uid)
        file = folder_of(job.uid) / TOKENS
        if request.method != "POST" or job.state != JobState.DONE or not file.is_file():
            raise Http404
        text = file.read_bytes()
        forget_folder(job.uid)
        headers = {"Content-Disposition": 'attachment; filename="tokens.csv"', "Cache-Control": "no-store"}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

    def undo_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Say what undoing a run would do; do it."""
        run = self.get_object(request, str(run_id))
        if run is None:
            raise Http404
        done, problem = None, ""
        try:
            act = undo_import if request.method == "POST" else look_at_undo
            done = act(actor=viewer_of(request), run=run)
        except DispatchError as error:
            problem = say_refusal(error.code, error.facts, error.field)
        if request.method == "POST" and done:
            messages.success(request, _("Undone: %(what)s") % {"what": in_words(done)})
            return HttpResponseRedirect(reverse("admin:geo_importrun_change", args=[run.pk]))
        words = {"removed": _nouns(done.removed), "restored": _nouns(done.restored)} if done else {}
        kept = [f"{say_noun(row['noun'])} {row['name']}" for row in done.kept] if done else []
        return self._page(
            request, "house/import_undo.html", _("Undo an import"), run=run, problem=problem, kept=kept, **words
        )

    def _job(self, request: HttpRequest, uid: UUID) -> ImportJob:
        """Return this administrator's own file; nobody else's are there for him."""
        job = (
            ImportJob.objects.select_related("run", "preview_run")
            .filter(uid=uid, made_by_id=viewer_of(request).pk)
            .first()
        )
        if job is None or not access.can(viewer_of(request), "import.run"):
            raise Http404
        return job

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        return TemplateResponse(
            request, template, {**site.each_context(request), "opts": self.opts, "title": title, **context}
        )


def counts_of(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return what a run counted, in words, what it wrote first; noughts are left out."""
    order = sorted(counts.items(), key=lambda row: (row[0].rpartition("_")[2] not in WRITTEN, row[0]))
    return [(say_count(name), int(value)) for name, value in order if value]


def said_of(run: ImportRun) -> dict[str, Any]:
    """Return a run's counts, refusals and notes in words."""
    refused = [
        (row["row"], say_refusal(row["code"], row["facts"], row["field"])) for row in run.refused[:REFUSED_SHOWN]
    ]
    notes = [say_note(note["code"], note["facts"]) for note in run.notes]
    kept = [f"{say_noun(row['noun'])} {row['name']}" for row in run.kept]
    return {"counts": counts_of(run.counts), "refused": refused, "notes": notes, "stayed": kept}


def in_words(done: Undone) -> str:
    """Return what an undo did, on one line."""
    parts = [
        _("removed %(what)s") % {"what": _nouns(done.removed)},
        _("put back %(what)s") % {"what": _nouns(done.restored)},
    ]
    return "; ".join(parts)


def _nouns(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {say_noun(noun)}" for noun, number in sorted(counts.items())) or _("nothing")


def _uncached(data: dict[str, Any]) -> JsonResponse:
    return JsonResponse(data, headers={"Cache-Control": "no-store"})
