/**
 * Awaits statements of one transaction that were sent together. Where one fails the others are awaited too, because none may run
 * after the transaction has ended.
 */
export async function together<T>(statements: readonly Promise<T>[]): Promise<T[]> {
  try {
    return await Promise.all(statements);
  } finally {
    await Promise.allSettled(statements);
  }
}
