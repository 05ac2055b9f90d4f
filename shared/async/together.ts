/**
 * Awaits statements of one transaction that were sent together. Where one fails the others are awaited too, because none may run
 * after the transaction has ended.
 */
export async function together(statements: readonly Promise<unknown>[]): Promise<void> {
  try {
    await Promise.all(statements);
  } finally {
    await Promise.allSettled(statements);
  }
}
