import { Chat } from './chat.js';
import { readConfig, roomOfHash } from './config.js';
import { h, render } from './preact.js';
import { V1Client } from './v1.js';
import { App } from './view/app.js';

const root = document.getElementById('app');

function wantedRoom() {
  return roomOfHash(location.hash);
}

function show(chat) {
  const room = chat.room;
  if (room && wantedRoom() !== room.id) {
    history.replaceState(null, '', `#/room/${room.id}`);
  }
  const unread = room?.unread ? `(${room.unread}) ` : '';
  document.title = room ? `${unread}Room ${room.id} · Parley` : 'Parley';
  render(h(App, { chat, wantedRoom }), root);
}

async function main() {
  const { apiUrl, wsUrl } = await readConfig(location);
  const chat = new Chat({ api: new V1Client(apiUrl), wsUrl, storage: localStorage });
  root.replaceChildren();
  chat.subscribe(() => show(chat));
  addEventListener('online', () => chat.network(true));
  addEventListener('offline', () => chat.network(false));
  addEventListener('storage', () => chat.storedSessionChanged(wantedRoom()));
  addEventListener('hashchange', () => wantedRoom() && chat.enterRoom(wantedRoom()));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      chat.reconnectNow();
    }
  });
  await chat.start(wantedRoom());
}

main().catch(() => {
  root.textContent = 'Parley cannot be loaded. Please reload the page.';
});
