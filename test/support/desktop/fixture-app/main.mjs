/** The smallest app that proves the test desktop: a window, and notifications that report their clicks. */
import { BrowserWindow, Notification, app, protocol } from 'electron';

const fixture = {
  wasReadyWhenLoaded: app.isReady(),
  clicked: [],
  shown: [],
  notify(title, body) {
    const notification = new Notification({ title, body });
    // A collected notification reports nothing.
    this.shown.push(notification);
    notification.on('click', () => this.clicked.push(title));
    notification.show();
  },
  describe: () => ({
    name: app.getName(),
    version: app.getVersion(),
    appPath: app.getAppPath(),
    userData: app.getPath('userData'),
    isPackaged: app.isPackaged,
    argv: process.argv,
    wasReadyWhenLoaded: fixture.wasReadyWhenLoaded,
    trialRuntime: process.env.GATEHOUSE_TRIAL_RUNTIME,
    electron: process.versions.electron,
  }),
};
globalThis.fixture = fixture;

// Throws once the app is ready.
protocol.registerSchemesAsPrivileged([{ scheme: 'fixture', privileges: { standard: true, secure: true } }]);

app.on('window-all-closed', () => app.quit());
// Electron delays `ready` until its entry module has been evaluated, so awaiting it here would never end.
void app.whenReady().then(async () => {
  console.log(JSON.stringify(fixture.describe()));
  if (process.argv.includes('--exit-with-seven')) return app.exit(7);
  const window = new BrowserWindow({ width: 800, height: 600, backgroundColor: '#336699' });
  await window.loadURL('data:text/html,<title>Fixture</title><h1>It works</h1>');
  console.log('window shown');
});
