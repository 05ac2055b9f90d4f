/** A command on the database was not carried out. `message` is a sentence for the person who gave it. */
export class MaintenanceError extends Error {}
