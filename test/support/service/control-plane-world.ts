import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Range, Review } from '#shared/domain/entities';
import { startTestService, type Answer, type TestService, type TestServiceOptions } from './test-service';

/** A service with one key, for tests of the control plane that share it. */
export interface ControlPlaneWorld {
  readonly service: TestService;
  readonly secret: string;
  readonly keyId: string;
  /** The third octet of this test's addresses, 198.51.<block>.0/24, which no other test of the file uses. */
  readonly block: number;
  /** An address of that block. */
  readonly ip: string;
  add(body: object): Promise<Answer>;
  addOne(body: object): Promise<Range>;
  /** Makes a call from the address, and returns the review that it opens. */
  pendingFor(address: string): Promise<Review>;
  reviewById(id: string): Promise<Review | undefined>;
}

/** Starts the service before the file's tests and stops it after them. */
export function useControlPlane(options: TestServiceOptions = {}): ControlPlaneWorld {
  let service: TestService;
  let secret = '';
  let keyId = '';
  let block = 0;
  beforeAll(async () => {
    service = await startTestService(options);
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
  });
  afterAll(() => service.stop());
  beforeEach(() => {
    block += 1;
  });
  const reviews = async (query: string): Promise<Review[]> =>
    ((await service.api(`/v1/reviews?limit=1000${query}`)).json as { items: Review[] }).items;
  const world: ControlPlaneWorld = {
    get service() {
      return service;
    },
    get secret() {
      return secret;
    },
    get keyId() {
      return keyId;
    },
    get block() {
      return block;
    },
    get ip() {
      return `198.51.${block}.7`;
    },
    add: (body) => service.api('/v1/ranges', { body }),
    addOne: async (body) => ((await world.add(body)).json as { items: [Range] }).items[0],
    pendingFor: async (address) => {
      await service.check(secret, address);
      const review = (await reviews('&status=pending')).find(({ ip }) => ip === address);
      if (review === undefined) throw new Error(`no review for ${address}`);
      return review;
    },
    reviewById: async (id) => (await reviews('')).find((review) => review.id === id),
  };
  return world;
}
