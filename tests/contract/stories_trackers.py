"""Stories of tracker apps: set up on duty, ended by hand, with the account, with the role, by its date."""

from dispatch.actions import people, tracker_apps, units
from dispatch.models import Assignment
from tests.contract.play import Play


def story_tracker_apps(play: Play) -> None:
    """The officer makes two and ends one; the administrator ends the other; a third goes when it has lapsed."""
    first, _ = play(tracker_apps.add_tracker_app, "officer", app="traccar")
    second, _ = play(tracker_apps.add_tracker_app, "officer", app="owntracks")
    play(tracker_apps.end_tracker_app, "officer", uid=first.uid)
    play(tracker_apps.end_tracker_app, "admin", uid=second.uid)
    play(tracker_apps.add_tracker_app, "officer", app="osmand")
    assert play(tracker_apps.end_lapsed_apps, "worker") == 0
    play(units.sign_off, "officer", unit_uid=play.cast.uid("P-11"))
    row = Assignment.objects.get(person=play.cast.people["officer"], role="officer")
    play(people.end_role, "admin", assignment_uid=row.uid)
    assert play(tracker_apps.end_lapsed_apps, "worker") == 0
