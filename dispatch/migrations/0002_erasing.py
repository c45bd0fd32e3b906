"""The one way a payload may go: a function of the owner's, so that the application's role needs no UPDATE."""

from django.db import migrations

ERASE = """
CREATE FUNCTION nearcast_erase_payloads(wanted text, written_before timestamptz, rule text)
RETURNS TABLE (count bigint, up_to bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH gone AS (
        UPDATE dispatch_journalpayload p SET data = NULL, salt = NULL, erased_at = now(), erased_why = rule
        FROM dispatch_journalentry e
        WHERE p.n = e.n AND p.retention = wanted AND p.erased_at IS NULL AND e.at < written_before
          AND NOT EXISTS (
              SELECT 1 FROM dispatch_incident i
              WHERE i.state <> 'closed' AND e.subject = 'incident:' || i.uid::text)
        RETURNING p.n)
    SELECT count(*), max(n) FROM gone
$$;
REVOKE ALL ON FUNCTION nearcast_erase_payloads(text, timestamptz, text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]
    operations = [migrations.RunSQL(ERASE, "DROP FUNCTION nearcast_erase_payloads(text, timestamptz, text)")]
