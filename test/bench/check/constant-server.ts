import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the service's check is compared with: the same kind of server, which answers 200 without looking at anything. */
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-length': 0 });
  response.end();
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${port}` }));
});
