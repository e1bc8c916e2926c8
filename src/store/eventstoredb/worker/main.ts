import { parentPort, workerData } from 'node:worker_threads'
import type { Orders, WorkerSettings } from '../protocol.ts'
import { Outbox } from './outbox.ts'
import { Session } from './session.ts'

if (parentPort === null)
  throw new Error('This module is the worker of the EventStoreDB store and runs as a thread.')

const settings = workerData as WorkerSettings
const session = new Session(settings, new Outbox(parentPort, settings.connection.secrets))
parentPort.on('message', (orders: Orders) => session.take(orders))
