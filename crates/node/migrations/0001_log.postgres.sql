-- Insert only, kept by the database.
CREATE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is insert only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER record_insert_only BEFORE UPDATE OR DELETE ON record FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER record_no_truncate BEFORE TRUNCATE ON record FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
CREATE TRIGGER checkpoint_insert_only BEFORE UPDATE OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
