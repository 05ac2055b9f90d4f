export { AddRangeDialog } from './add/add-range-dialog';
export { EditRangeDialog } from './edit/edit-range-dialog';
export { ExportDialog } from './export/export-dialog';
export { ImportDialog } from './import/import-dialog';
export { RangesScreen } from './list/ranges-screen';
