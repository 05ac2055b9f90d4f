/** A used profile, with which a console starts with the choice of a service instead of the embedded one. */
export const CHOSEN_NOTHING = JSON.stringify({
  connections: [],
  shown: null,
  chosen: true,
  embeddedListen: null,
});
