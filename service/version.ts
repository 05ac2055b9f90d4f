import { version } from '../package.json';

/** The version of Gatehouse that this service belongs to. */
export const VERSION: string = version;
