/**
 * Where the database is, in PostgreSQL's own terms, none of which a restore brings back: this run of the server (a data
 * folder that was copied back, a standby that took over), and this file of a table (another database, tables that were
 * made or filled again by pg_restore or psql). A place too many only begins an epoch too many.
 */
export const PLACE =
  "concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), pg_relation_filepath('epochs'))";
