export type { Size } from './line.ts';
export type { NodeSource } from './node-source.ts';
export { type DashboardNode, type DashboardOptions, runDashboard } from './run-dashboard.ts';
export type { Screen } from './screen.ts';
