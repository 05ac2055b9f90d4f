/** The texts of a room in another language: a missing one does not compile. */
export type Translation<English> = { readonly [Name in keyof English]: string };
