"""What the database keeps of the trail."""

from django.db import migrations

SQL = """
CREATE FUNCTION audit_rows_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trail is never changed'
    USING ERRCODE = '23001', CONSTRAINT = 'audit_rows_never_change';
END $$;
CREATE TRIGGER audit_rows_never_change BEFORE UPDATE OR DELETE ON audit_auditentry
  FOR EACH ROW EXECUTE FUNCTION audit_rows_never_change();
COMMENT ON TRIGGER audit_rows_never_change ON audit_auditentry IS
  'What somebody did stays recorded: entries are neither changed nor deleted.';
CREATE TRIGGER audit_values_never_deleted BEFORE DELETE ON audit_auditvalue
  FOR EACH ROW EXECUTE FUNCTION audit_rows_never_change();
COMMENT ON TRIGGER audit_values_never_deleted ON audit_auditvalue IS
  'A value of the trail may be redacted, never deleted.';
CREATE TRIGGER audit_values_only_redacted BEFORE UPDATE ON audit_auditvalue
  FOR EACH ROW WHEN (
    NEW.before IS NOT NULL OR NEW.after IS NOT NULL OR NEW.redacted_at IS NULL
    OR OLD.redacted_at IS NOT NULL
    OR (NEW.id, NEW.entry_id, NEW.field) IS DISTINCT FROM (OLD.id, OLD.entry_id, OLD.field))
  EXECUTE FUNCTION audit_rows_never_change();
COMMENT ON TRIGGER audit_values_only_redacted ON audit_auditvalue IS
  'The only change of a value is to empty it, once, with the moment it happened.';

CREATE FUNCTION vigente_audit_redact(entry bigint, at timestamptz) RETURNS integer
LANGUAGE sql AS $$
  WITH emptied AS (
    UPDATE audit_auditvalue SET before = NULL, after = NULL, redacted_at = at
     WHERE entry_id = entry AND redacted_at IS NULL RETURNING 1)
  SELECT count(*)::integer FROM emptied
$$;
COMMENT ON FUNCTION vigente_audit_redact(bigint, timestamptz) IS
  'Empties the personal values of one entry; returns how many.';
"""

FORGET = """
DROP FUNCTION vigente_audit_redact(bigint, timestamptz);
DROP TRIGGER audit_values_only_redacted ON audit_auditvalue;
DROP TRIGGER audit_values_never_deleted ON audit_auditvalue;
DROP TRIGGER audit_rows_never_change ON audit_auditentry;
DROP FUNCTION audit_rows_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(SQL, FORGET)]
