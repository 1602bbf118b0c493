"""What the database keeps of signatures."""

from django.db import migrations

SQL = """
CREATE FUNCTION documents_signature_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'PENDING' THEN
    RAISE EXCEPTION 'signature request % is %: it is never changed', OLD.id, OLD.status
      USING ERRCODE = '23514', CONSTRAINT = 'signature_request_moves';
  END IF;
  IF (NEW.document_id, NEW.provider, NEW.token_seed, NEW.token_sha256, NEW.expires_at,
      NEW.asked_at, NEW.signer_name, NEW.signer_tax_id, NEW.channel, NEW.sent_to)
     IS DISTINCT FROM
     (OLD.document_id, OLD.provider, OLD.token_seed, OLD.token_sha256, OLD.expires_at,
      OLD.asked_at, OLD.signer_name, OLD.signer_tax_id, OLD.channel, OLD.sent_to) THEN
    RAISE EXCEPTION 'what was asked in signature request % is never changed', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'signature_request_asks_the_same';
  END IF;
  IF NEW.status = 'SIGNED' AND NEW.text_sha256 IS DISTINCT FROM
     (SELECT text_sha256 FROM documents_issueddocument WHERE id = NEW.document_id) THEN
    RAISE EXCEPTION 'signature request % is not for this text', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'signed_text_is_the_issued_text';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signature_request_moves BEFORE UPDATE ON documents_signaturerequest
  FOR EACH ROW EXECUTE FUNCTION documents_signature_moves();
COMMENT ON TRIGGER signature_request_moves ON documents_signaturerequest IS
  'A request is signed, refused, cancelled or expires once, for the text that was issued; its '
  'evidence is never changed afterwards.';
CREATE TRIGGER signature_request_stays BEFORE DELETE ON documents_signaturerequest
  FOR EACH ROW EXECUTE FUNCTION documents_rows_never_change();
COMMENT ON TRIGGER signature_request_stays ON documents_signaturerequest IS
  'A request for a signature is never deleted.';
"""

FORGET = """
DROP TRIGGER signature_request_moves ON documents_signaturerequest;
DROP TRIGGER signature_request_stays ON documents_signaturerequest;
DROP FUNCTION documents_signature_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_signatures")]

    operations = [migrations.RunSQL(SQL, FORGET)]
