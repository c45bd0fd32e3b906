"""Check the journal: gaps, edited rows, erased parts, the chain, and a head that was kept elsewhere."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dispatch import journal
from dispatch.actions.journal import sign
from dispatch.verifier import verify


class Command(BaseCommand):
    """`verify_journal [--head N:HASH | --head-file FILE]`: exit 1 when something does not hold."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the outside head."""
        parser.add_argument("--head", help="number:hash in hex, as kept out of reach")
        parser.add_argument("--head-file", help="a head-….jsonl file as the worker writes it; its last line counts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per finding and a closing sentence."""
        head_n, head_hash = self._head(options)
        bad = 0
        for finding in verify(head_n=head_n, head_hash=head_hash):
            bad += 0 if finding.ok else 1
            self.stdout.write(f"{'  ' if finding.ok else '! '}{finding.code} at {finding.n} {finding.detail}".rstrip())
        _, n, hash_ = journal.head()
        if bad:
            raise SystemExit(f"The journal does not hold: {bad} findings. Its head is {n}:{hash_.hex()}.")
        against = (
            f", against the outside head {head_n}" if head_n else ". Give --head or --head-file to find a cut tail"
        )
        self.stdout.write(f"The journal holds: {n} entries, head {n}:{hash_.hex()}{against}.")

    def _head(self, options: dict[str, Any]) -> tuple[int | None, str | None]:
        if options["head"]:
            number, _, hex_hash = options["head"].partition(":")
            return int(number), hex_hash or None
        if not options["head_file"]:
            return None, None
        line = json.loads(Path(options["head_file"]).read_text().strip().splitlines()[-1])
        if line["signature"] != sign(line["n"], line["hash"]):
            raise SystemExit("The head file's signature is not this instance's.")
        return line["n"], line["hash"]
