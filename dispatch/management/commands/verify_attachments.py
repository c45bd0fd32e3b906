"""Check the photos: each file against its hash, each hash against the journal. Run verify_journal as well."""

from typing import Any

from django.core.management.base import BaseCommand

from dispatch.evidence.verify import verify_attachments
from dispatch.models import Attachment


class Command(BaseCommand):
    """`verify_attachments`: exit 1 when a file is missing or altered, or the journal names another hash."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per finding and a closing sentence."""
        bad = 0
        for finding in verify_attachments():
            bad += 0 if finding.ok else 1
            who = finding.uid or ""
            self.stdout.write(f"{'  ' if finding.ok else '! '}{finding.code} {who} {finding.detail}".rstrip())
        if bad:
            raise SystemExit(f"The photos do not hold: {bad} findings.")
        self.stdout.write(f"The photos hold: {Attachment.objects.count()} of them, each as its phone announced it.")
