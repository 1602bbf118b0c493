"""What the database keeps of issued documents."""

from django.db import migrations

SQL = """
CREATE FUNCTION documents_rows_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an issued document is never changed'
    USING ERRCODE = '23001', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER issued_document_never_changes BEFORE UPDATE OR DELETE ON documents_issueddocument
  FOR EACH ROW EXECUTE FUNCTION documents_rows_never_change();
COMMENT ON TRIGGER issued_document_never_changes ON documents_issueddocument IS
  'A document stays as it was issued: its text, its digests and its file are never changed.';
"""

FORGET = """
DROP TRIGGER issued_document_never_changes ON documents_issueddocument;
DROP FUNCTION documents_rows_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_issued_documents")]

    operations = [migrations.RunSQL(SQL, FORGET)]
