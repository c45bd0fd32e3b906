"""What an import run changed, kept by the database itself while the run's number is set (geo.traces), for its undo.

Statement triggers with transition tables: whatever writes a row, and however many at once, is seen. Values are kept as
text, which reads back exactly; JSON would round coordinates.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

import geo.models.traces

KEEP = """
CREATE FUNCTION geo_trace() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    run bigint := current_setting('nearcast.import_run')::bigint;
    key text := TG_ARGV[0];
    columns text[] := ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0
                            AND NOT attisdropped AND attgenerated = '' AND attname <> key ORDER BY attnum);
    others text[] := array_remove(columns, 'run_id');
    was text;
    same text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        EXECUTE format('INSERT INTO geo_importtrace (run_id, table_name, added, ids) SELECT $1, $2, true,
            range_agg(int8range(%1$I, %1$I, ''[]'')) FROM new_rows HAVING count(*) > 0', key) USING run, TG_TABLE_NAME;
        RETURN NULL;
    END IF;
    SELECT string_agg(format('(%1$L, o.%1$I::text, %2$s)', name,
        CASE TG_OP WHEN 'DELETE' THEN 'true' ELSE format('o.%1$I IS DISTINCT FROM n.%1$I', name) END), ', ')
        INTO was FROM unnest(columns) AS name;
    was := format('(SELECT jsonb_object_agg(c.name, c.was) FROM (VALUES %s) AS c (name, was, differs) WHERE c.differs)', was);
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('INSERT INTO geo_importbefore AS b (run_id, table_name, row_id, was, gone)
            SELECT $1, $2, o.%I, %s, true FROM old_rows o
            ON CONFLICT (run_id, table_name, row_id) DO UPDATE SET was = excluded.was || b.was, gone = true', key, was)
            USING run, TG_TABLE_NAME;
        RETURN NULL;
    END IF;
    SELECT format('(%s) IS NOT DISTINCT FROM (%s)', string_agg(format('o.%I', name), ', '),
        string_agg(format('n.%I', name), ', ')) INTO same FROM unnest(others) AS name;
    IF 'run_id' = ANY (columns) THEN
        EXECUTE format('INSERT INTO geo_importtrace (run_id, table_name, added, was_run_id, ids)
            SELECT $1, $2, false, o.run_id, range_agg(int8range(o.%1$I, o.%1$I, ''[]''))
            FROM old_rows o JOIN new_rows n USING (%1$I)
            WHERE o.run_id IS DISTINCT FROM n.run_id AND %2$s GROUP BY o.run_id', key, same) USING run, TG_TABLE_NAME;
    END IF;
    EXECUTE format('INSERT INTO geo_importbefore AS b (run_id, table_name, row_id, was, gone)
        SELECT $1, $2, o.%1$I, %2$s, false FROM old_rows o JOIN new_rows n USING (%1$I) WHERE NOT (%3$s)
        ON CONFLICT (run_id, table_name, row_id) DO UPDATE SET was = excluded.was || b.was', key, was, same)
        USING run, TG_TABLE_NAME;
    RETURN NULL;
END $$;

CREATE FUNCTION geo_trace_table(traced regclass, key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    on_run text := 'WHEN (current_setting(''nearcast.import_run'', true) <> '''')';
BEGIN
    EXECUTE format('CREATE TRIGGER geo_trace_added AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT %s EXECUTE FUNCTION geo_trace(%L)', traced, on_run, key);
    EXECUTE format('CREATE TRIGGER geo_trace_changed AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows
        NEW TABLE AS new_rows FOR EACH STATEMENT %s EXECUTE FUNCTION geo_trace(%L)', traced, on_run, key);
    EXECUTE format('CREATE TRIGGER geo_trace_gone AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT %s EXECUTE FUNCTION geo_trace(%L)', traced, on_run, key);
END $$;

CREATE FUNCTION geo_untrace_table(traced regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER geo_trace_added ON %s', traced);
    EXECUTE format('DROP TRIGGER geo_trace_changed ON %s', traced);
    EXECUTE format('DROP TRIGGER geo_trace_gone ON %s', traced);
END $$;
"""
DROP = "DROP FUNCTION geo_untrace_table(regclass); DROP FUNCTION geo_trace_table(regclass, text); DROP FUNCTION geo_trace()"
TABLES = (
    ("geo_area", "id"), ("geo_ground", "area_id"), ("geo_camera", "id"), ("geo_cameraplacement", "id"),
    ("geo_cameraaddress", "id"), ("geo_tracker", "id"), ("geo_road", "id"), ("geo_mapfeature", "id"), ("geo_place", "id"),
    ("geo_roadnode", "id"), ("geo_turnrestriction", "id"),
)
BIG = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def of_run():
    return models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="geo.importrun")


class Migration(migrations.Migration):
    dependencies = [("geo", "0007_roads_for_routing")]

    operations = [
        migrations.AlterField(
            "importrun", "state",
            models.CharField(
                choices=[("running", "Running"), ("done", "Done"), ("preview", "Preview"), ("failed", "Failed"),
                         ("undone", "Undone")],
                default="running", max_length=10,
            ),
        ),
        migrations.AddField(
            "importrun", "area_ids",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, blank=True, size=None
            ),
        ),
        migrations.AddField("importrun", "traced", models.BooleanField(default=False)),
        migrations.AddField("importrun", "undone_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("importrun", "kept", models.JSONField(default=list)),
        migrations.CreateModel(
            "ImportTrace",
            fields=[
                ("id", BIG.clone()),
                ("run", of_run()),
                ("table_name", models.CharField(max_length=63)),
                ("added", models.BooleanField()),
                ("was_run_id", models.BigIntegerField(null=True)),
                ("ids", geo.models.traces.MultiRangeField()),
            ],
        ),
        migrations.CreateModel(
            "ImportBefore",
            fields=[
                ("id", BIG.clone()),
                ("run", models.ForeignKey(db_index=False, on_delete=models.CASCADE, related_name="+", to="geo.importrun")),
                ("table_name", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField()),
                ("was", models.JSONField()),
                ("gone", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "table_name", "row_id"), name="geo_one_before_per_row")
                ]
            },
        ),
        migrations.CreateModel(
            "ImportMark",
            fields=[
                ("id", BIG.clone()),
                ("run", of_run()),
                ("table_name", models.CharField(max_length=63)),
                ("columns", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), size=None)),
                ("ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("marks", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
        ),
        migrations.RunSQL(KEEP, DROP),
        *(
            migrations.RunSQL(
                f"SELECT geo_trace_table('{table}', '{key}')", f"SELECT geo_untrace_table('{table}')"
            )
            for table, key in TABLES
        ),
    ]
