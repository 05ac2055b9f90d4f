'use strict';
/**
 * The body of the thread that checkpoints a database (checkpoints.ts). Plain JavaScript, because it is handed to the thread as
 * text: so it is the same in a bundle, in the desktop app and in tests.
 */
const { statSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const Database = require(workerData.driver);

const database = new Database(workerData.file);

/** Never waits for anybody and nobody for it: it moves what no reader needs in the log. */
const checkpoint = () => {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    parentPort.postMessage({ logBytes: statSync(`${workerData.file}-wal`).size });
  } catch (error) {
    parentPort.postMessage({ failure: String(error) });
  }
};

parentPort.on('message', (message) => {
  if (message === 'checkpoint') checkpoint();
  else {
    database.close();
    parentPort.close();
  }
});
