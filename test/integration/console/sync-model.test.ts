import { testSyncModel } from '#test/support/console/sync-model';

// Two files, so that two cores share the schedules. This is the first half.
testSyncModel(0.5);
