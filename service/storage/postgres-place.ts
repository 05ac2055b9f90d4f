/**
 * Where the database is, in PostgreSQL's own terms, none of which a restore brings back: this run of the server (a data
 * folder that was copied back, a standby that took over), this database, and this file of a table (tables that were made
 * or filled again by pg_restore or psql). A place too many only begins an epoch too many.
 */
export const PLACE = `concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()),
  (SELECT oid FROM pg_database WHERE datname = current_database()), pg_relation_filenode('epochs'))`;
