"""Units and centres are traced while a run imports them; see geo's 0008."""

from django.db import migrations

TABLES = ("dispatch_unit", "dispatch_centre")


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_days_of_the_journal"), ("geo", "0008_import_traces")]
    operations = [
        migrations.RunSQL(f"SELECT geo_trace_table('{table}', 'id')", f"SELECT geo_untrace_table('{table}')")
        for table in TABLES
    ]
