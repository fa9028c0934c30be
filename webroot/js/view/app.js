import { h } from '../preact.js';
import { RoomPage } from './room-page.js';
import { SignIn } from './sign-in.js';

export function App({ chat, wantedRoom }) {
  switch (chat.phase) {
    case 'signed-in':
      return chat.room && h(RoomPage, { chat });
    case 'signed-out':
      return h(SignIn, { chat, wantedRoom });
    default:
      return h('p', { class: 'boot', role: 'status' }, 'Parley is loading…');
  }
}
