import type { ChartAction } from '../../machine/chart-action.ts'

/** An action for people: `the action 'credit'` or `an inline action`. */
export function actionText(action: ChartAction): string {
  return action.name === undefined ? 'an inline action' : `the action '${action.name}'`
}
