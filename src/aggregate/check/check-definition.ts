import type { Finding } from '../../errors.ts'
import type { Chart } from '../../machine/chart.ts'
import type { RejectionTexts } from '../model.ts'
import type { Schemas } from '../schemas.ts'
import { forbiddenActions, forbiddenGuards } from './action-rules.ts'
import { initialContext } from './context-rules.ts'
import { emitPlaces, emittedTypes, unhandledEvents } from './emit-rules.ts'
import { computedParams, inlineFunctions } from './readability-rules.ts'
import { aggregateName, rejectionCodes, schemaObjects, typeNames, unusedSchemas } from './schema-rules.ts'
import { sitesOf } from './sites.ts'
import { deadRoot, delays, doubledEmits, invokes, routes } from './state-rules.ts'
import type { Rule, Subject } from './subject.ts'
import {
  commandsChangeNothing,
  expectedTypes,
  guardedEvents,
  reenterWithoutTarget,
  unknownTypes,
  wildcards,
} from './transition-rules.ts'

/** All that the checker looks at. */
export interface CheckedParts {
  readonly name: string
  readonly chart: Chart
  readonly commands: Schemas
  readonly events: Schemas
  readonly rejections: RejectionTexts
  readonly schemaVersion: number
}

const rules: readonly Rule[] = [
  aggregateName,
  typeNames,
  schemaObjects,
  rejectionCodes,
  initialContext,
  commandsChangeNothing,
  emitPlaces,
  emittedTypes,
  unhandledEvents,
  guardedEvents,
  unknownTypes,
  wildcards,
  expectedTypes,
  forbiddenActions,
  forbiddenGuards,
  delays,
  invokes,
  routes,
  unusedSchemas,
  deadRoot,
  doubledEmits,
  reenterWithoutTarget,
  inlineFunctions,
  computedParams,
]

const severities: readonly Finding['severity'][] = ['error', 'warning', 'note']

/** Every finding of every rule: errors, then warnings, then notes. */
export function checkDefinition(parts: CheckedParts): readonly Finding[] {
  const commands = new Map(Object.entries(parts.commands))
  const events = new Map(Object.entries(parts.events))
  const subject: Subject = {
    name: parts.name,
    chart: parts.chart,
    sites: sitesOf(parts.chart, commands, events),
    commands,
    events,
    rejections: new Map(Object.entries(parts.rejections)),
    schemaVersion: parts.schemaVersion,
  }
  const findings = rules.flatMap((rule) => rule(subject))
  return severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
}
