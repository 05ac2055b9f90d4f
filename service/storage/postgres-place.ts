/**
 * Identity of the database as an SQL expression. It names this run of the server and this file of a table, because no restore
 * brings both back: a copied data folder or a standby needs another run, pg_restore and psql make another file. A needless
 * difference only begins a needless epoch.
 */
export const PLACE =
  "concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), pg_relation_filepath('epochs'))";
