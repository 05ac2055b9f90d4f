import './ui/components.css';
import './ui/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { windowKind } from './bridge/page';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root.');
createRoot(root).render(<App kind={windowKind()} />);
