"""What the database keeps of the notes on contracts."""

from django.db import migrations

SQL = """
CREATE TRIGGER contract_notes_never_change BEFORE UPDATE OR DELETE ON contracts_contractnote
  FOR EACH ROW EXECUTE FUNCTION contracts_rows_never_change();
COMMENT ON TRIGGER contract_notes_never_change ON contracts_contractnote IS
  'What somebody noted about a contract stays as it was written.';
"""

FORGET = "DROP TRIGGER contract_notes_never_change ON contracts_contractnote;"


class Migration(migrations.Migration):
    dependencies = [("contracts", "0012_notes")]

    operations = [migrations.RunSQL(SQL, FORGET)]
