export { AddRangeDialog } from './add-range-dialog';
export { EditRangeDialog } from './edit-range-dialog';
export { ImportDialog } from './import-dialog';
export { RangesScreen } from './ranges-screen';
