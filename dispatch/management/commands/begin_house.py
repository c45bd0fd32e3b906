"""Make the first area, its centre and the first administrator of an empty house (DEMO=0)."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from dispatch import access
from dispatch.actions import house, people
from dispatch.errors import DispatchError
from dispatch.models import Centre


class Command(BaseCommand):
    """`begin_house --code C --name "City" --zone Asia/Shanghai --admin login`; prints the password once."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the house is called and who keeps it."""
        parser.add_argument("--code", required=True, help="short code of the top area; incident numbers begin with it")
        parser.add_argument("--name", required=True)
        parser.add_argument("--zone", default="Asia/Shanghai", help="IANA time zone")
        parser.add_argument("--admin", required=True, help="login of the first administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them in one transaction, or say why not."""
        if Centre.objects.exists():
            raise SystemExit("This house has begun already: sign in as an administrator and go on at /admin/.")
        setup = access.system("setup")
        password = secrets.token_urlsafe(12)
        try:
            with transaction.atomic():
                area = house.put_area(
                    actor=setup, code=options["code"], name=options["name"], level="city", line="territorial"
                )
                centre = house.put_centre(actor=setup, area=area, zone=options["zone"])
                person = people.put_person(
                    actor=setup, username=options["admin"], home=centre.uid, password=password, name=options["admin"]
                )
                people.grant_role(actor=setup, person_uid=person.uid, role="administrator", centre_uid=centre.uid)
        except DispatchError as error:
            raise SystemExit(f"Not done: {error}") from error
        self.stdout.write(f"Sign in as {person.username} with {password} and change it. Then appoint an auditor.")
