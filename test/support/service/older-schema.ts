/** Statements that turn a closed database into one of the version before reviews and history were bounded. */
export const BACK_TO_SCHEMA_6 = `
  ALTER TABLE reviews DROP COLUMN note;
  DROP TABLE epoch_starts;
  DROP TABLE epochs;
  DROP INDEX reviews_overflow;
  ALTER TABLE reviews DROP COLUMN overflow;
  ALTER TABLE reviews DROP COLUMN callers;
  ALTER TABLE reviews DROP COLUMN address_count;
  UPDATE meta SET value = '6' WHERE name = 'schema_version';
`;
