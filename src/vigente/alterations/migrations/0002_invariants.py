"""What the database keeps of alterations: their moves, and what was confirmed."""

from django.db import migrations

SQL = """
CREATE FUNCTION alterations_only_legal_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.status, NEW.status) NOT IN (VALUES
      ('DRAFT', 'SCHEDULED'), ('DRAFT', 'CONFIRMED'), ('DRAFT', 'DROPPED'),
      ('SCHEDULED', 'CONFIRMED'), ('SCHEDULED', 'DROPPED'), ('CONFIRMED', 'UNDONE')) THEN
    RAISE EXCEPTION 'alteration % cannot go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'alteration_only_legal_moves';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER alteration_only_legal_moves BEFORE UPDATE OF status ON alterations_alteration
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION alterations_only_legal_moves();
COMMENT ON TRIGGER alteration_only_legal_moves ON alterations_alteration IS
  'A draft is scheduled, confirmed or dropped; what was confirmed is undone, once.';

CREATE FUNCTION alterations_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR
     (to_jsonb(NEW) - '{status,undone_at,undone_by_user_id,undone_by_name,undo_reason}'::text[])
     IS DISTINCT FROM
     (to_jsonb(OLD) - '{status,undone_at,undone_by_user_id,undone_by_name,undo_reason}'::text[])
     OR OLD.status = 'UNDONE' THEN
    RAISE EXCEPTION 'alteration % was confirmed: undo it, or compensate for it', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'alteration_never_edited';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER alteration_never_edited BEFORE UPDATE OR DELETE ON alterations_alteration
  FOR EACH ROW WHEN (OLD.status IN ('CONFIRMED', 'UNDONE'))
  EXECUTE FUNCTION alterations_never_edited();
COMMENT ON TRIGGER alteration_never_edited ON alterations_alteration IS
  'What was confirmed is never edited nor deleted; it may be undone, once.';
"""
UNDO = """
DROP TRIGGER alteration_never_edited ON alterations_alteration;
DROP FUNCTION alterations_never_edited();
DROP TRIGGER alteration_only_legal_moves ON alterations_alteration;
DROP FUNCTION alterations_only_legal_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("alterations", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
