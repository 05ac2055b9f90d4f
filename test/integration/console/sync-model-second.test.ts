import { testSyncModel } from '#test/support/console/sync-model';

// The other half of the schedules, on a core of its own.
testSyncModel(0.5);
