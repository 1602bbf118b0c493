"""What the database keeps of the documents of contracts."""

from django.db import migrations

SQL = """
CREATE TRIGGER contract_document_stays BEFORE UPDATE OR DELETE ON contracts_contractdocument
  FOR EACH ROW EXECUTE FUNCTION contracts_rows_never_change();
COMMENT ON TRIGGER contract_document_stays ON contracts_contractdocument IS
  'A document stays with the contract that it was issued for.';
"""

FORGET = "DROP TRIGGER contract_document_stays ON contracts_contractdocument;"


class Migration(migrations.Migration):
    dependencies = [("contracts", "0008_issued_documents")]

    operations = [migrations.RunSQL(SQL, FORGET)]
