export { demoScript } from "./demo-script.ts";
export {
  type ModelRequest,
  type Script,
  type ScriptedApi,
  type ScriptFault,
  type ScriptStep,
  type ScriptToolCall,
  type ScriptTurn,
  scriptSchema,
  scriptTurnSchema,
} from "./script.ts";
export {
  createScriptedModel,
  type ScriptedModel,
  type ScriptedModelOptions,
  type SeenRequest,
} from "./scripted-model.ts";
