import type { Node, ObjectExpression, ObjectMethod, ObjectProperty } from '@babel/types'
import type { SourceFinding } from './source-finding.ts'

/** A finding before its place in the file is known. */
export type Loss = Omit<SourceFinding, 'file' | 'line' | 'column'> & { readonly node: Node }

type Constants = ReadonlyMap<string, ObjectExpression>

/** What is lost of the config of one machine. */
export function findingsOf(config: Node, constants: Constants): readonly Loss[] {
  const reader = new Reader(constants)
  reader.machine(config)
  return reader.losses
}

class Reader {
  readonly losses: Loss[] = []
  readonly #constants: Constants

  constructor(constants: Constants) {
    this.#constants = constants
  }

  machine(config: Node): void {
    const object = this.#object(config)
    if (object === undefined) {
      const message = 'the machine is not written as an object: nothing of it is found'
      this.#lose(
        'machine-helper',
        config,
        'machine',
        message,
        'write createMachine({...}) with a literal object',
      )
      return
    }
    const id = object.properties.find((each) => each.type === 'ObjectProperty' && keyOf(each) === 'id')
    const value = id?.type === 'ObjectProperty' ? id.value : undefined
    this.#state(object, value?.type === 'StringLiteral' ? value.value : 'machine')
  }

  #state(state: ObjectExpression, path: string): void {
    this.#each(state, path, (key, value) => {
      const at = `${path}.${key}`
      if (key === 'states') this.#states(value, path)
      else if (key === 'on' || key === 'after') this.#map(value, at)
      else if (key === 'always' || key === 'onDone') this.#transitions(value, at)
      else if (key === 'entry' || key === 'exit') this.#actions(value, at)
      else if (key === 'initial' || key === 'type' || key === 'id') this.#literal(value, at)
    })
  }

  #states(states: Node, path: string): void {
    const object = this.#object(states)
    if (object === undefined) {
      this.#lose('state-helper', states, `${path}.states`, 'all states are dropped without a word', writeOut)
      return
    }
    this.#each(object, path, (key, value) => {
      const at = `${path}.${key}`
      const state = this.#object(value)
      if (state !== undefined) this.#state(state, at)
      else this.#lose('state-helper', value, at, `the state '${key}' is dropped without a word`, writeOut)
    })
  }

  #map(value: Node, path: string): void {
    const object = this.#object(value)
    if (object === undefined)
      this.#lose('transition-helper', value, path, 'its transitions are dropped', writeOut)
    else this.#each(object, path, (key, transitions) => this.#transitions(transitions, `${path}.${key}`))
  }

  #transitions(value: Node, path: string): void {
    for (const each of value.type === 'ArrayExpression' ? value.elements : [value]) {
      if (each === null || isText(each)) continue
      const object = this.#object(each)
      if (object !== undefined) this.#transition(object, path)
      else this.#lose('transition-helper', each, path, 'the transition is dropped', writeOut)
    }
  }

  #transition(transition: ObjectExpression, path: string): void {
    this.#each(transition, path, (key, value) => {
      if (key === 'actions') this.#actions(value, path)
      else if (key === 'guard') this.#reference('guard', value, path)
      else if (key === 'target') this.#literal(value, `${path}.target`)
    })
  }

  #actions(value: Node, path: string): void {
    for (const each of value.type === 'ArrayExpression' ? value.elements : [value]) {
      if (each !== null) this.#reference('action', each, path)
    }
  }

  /** A guard or an action by its name, or as `{ type, params }`. */
  #reference(what: 'guard' | 'action', value: Node, path: string): void {
    if (isText(value)) return
    if (value.type !== 'ObjectExpression') {
      const called =
        value.type === 'CallExpression' && value.callee.type === 'Identifier' ? value.callee.name : ''
      const message = `${what === 'guard' ? 'a guard' : 'an action'} is written inline${called === '' ? '' : ` (${called})`}, and comes without a name or as null`
      this.#lose(
        `inline-${what}`,
        value,
        path,
        message,
        `name it in setup({ ${what}s }) and write the name here`,
      )
      return
    }
    this.#each(value, path, (key, part) => {
      if (key !== 'params' || !isFunction(part)) return
      const message = 'these params are a function, which the editor drops when it saves'
      const mend = 'keep the source as it is when you edit visually'
      this.losses.push({ severity: 'note', rule: 'computed-params', node: part, path, message, mend })
    })
  }

  #literal(value: Node, path: string): void {
    const written = value.type === 'TSAsExpression' ? value.expression : value
    const list = written.type === 'ArrayExpression' ? written.elements : [written]
    if (
      list.every(
        (each) => each === null || isText(each) || (each.type === 'Identifier' && each.name === 'undefined'),
      )
    )
      return
    this.#lose(
      'computed-value',
      value,
      path,
      'it is not written as a string, and dropped',
      'write the string itself',
    )
  }

  /** Each property that can be read by its key; the others are lost. */
  #each(object: ObjectExpression, path: string, see: (key: string, value: Node) => void): void {
    for (const property of object.properties) {
      if (property.type === 'SpreadElement') {
        const mend = 'write out what is spread'
        this.#lose(
          'spread',
          property,
          path,
          'what is spread here is lost, or lost when the editor saves',
          mend,
        )
        continue
      }
      const key = keyOf(property)
      if (key === undefined) {
        this.#lose(
          'computed-key',
          property,
          path,
          'a property with a computed key is dropped',
          'write the key itself',
        )
      } else see(key, property.type === 'ObjectMethod' ? property : property.value)
    }
  }

  #object(node: Node): ObjectExpression | undefined {
    if (node.type === 'ObjectExpression') return node
    return node.type === 'Identifier' ? this.#constants.get(node.name) : undefined
  }

  #lose(rule: string, node: Node, path: string, message: string, mend: string): void {
    this.losses.push({ severity: 'warning', rule, node, path, message, mend })
  }
}

const writeOut = 'write it out as a literal object in its place'

const isText = (node: Node): boolean =>
  node.type === 'StringLiteral' || (node.type === 'TemplateLiteral' && node.expressions.length === 0)

const isFunction = (node: Node): boolean =>
  node.type === 'ArrowFunctionExpression' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ObjectMethod'

function keyOf({ key, computed }: ObjectProperty | ObjectMethod): string | undefined {
  if (key.type === 'StringLiteral') return key.value
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0)
    return key.quasis[0]?.value.cooked ?? undefined
  if (computed) return undefined
  if (key.type === 'Identifier') return key.name
  return key.type === 'NumericLiteral' ? String(key.value) : undefined
}
