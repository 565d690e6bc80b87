//! Flows as the console exported them before the flow language: `modules`, each with its `branches` and `parameters`. They
//! are read as the blocks that took their place; what is not known of one stays a parameter of its block.

use flow_model::tree::Json;

/// The blocks that took the place of modules.
const TYPES: [(&str, &str); 24] = [
    ("PlayPrompt", "MessageParticipant"),
    ("LoopPrompts", "MessageParticipantIteratively"),
    ("GetUserInput", "GetParticipantInput"),
    ("StoreUserInput", "StoreUserInput"),
    ("StoreCustomerInput", "StoreUserInput"),
    ("SetAttributes", "UpdateContactAttributes"),
    ("SetQueue", "UpdateContactTargetQueue"),
    ("SetWorkingQueue", "UpdateContactTargetQueue"),
    ("SetCallBackNumber", "UpdateContactCallbackNumber"),
    ("CheckAttribute", "Compare"),
    ("CheckHoursOfOperation", "CheckHoursOfOperation"),
    ("CheckStaffing", "CheckMetricData"),
    ("CheckQueueStatus", "CheckMetricData"),
    ("InvokeExternalResource", "InvokeLambdaFunction"),
    ("CreateCallback", "CreateCallbackContact"),
    ("Loop", "Loop"),
    ("Disconnect", "DisconnectParticipant"),
    ("ResumeContactFlow", "EndFlowExecution"),
    ("EndFlowExecution", "EndFlowExecution"),
    ("SetLoggingBehavior", "UpdateFlowLoggingBehavior"),
    ("SetRecordingBehavior", "UpdateContactRecordingBehavior"),
    ("SetVoice", "UpdateContactTextToSpeechVoice"),
    ("StartMediaStreaming", "UpdateContactMediaStreamingBehavior"),
    ("StopMediaStreaming", "UpdateContactMediaStreamingBehavior"),
];

/// How conditions were called, and how they are.
const OPERATORS: [(&str, &str); 8] = [
    ("GreaterThan", "NumberGreaterThan"),
    ("GreaterThanOrEqualTo", "NumberGreaterOrEqualTo"),
    ("LessThan", "NumberLessThan"),
    ("LessThanOrEqualTo", "NumberLessOrEqualTo"),
    ("StartsWith", "TextStartsWith"),
    ("EndsWith", "TextEndsWith"),
    ("Contains", "TextContains"),
    ("Equals", "Equals"),
];

/// Whether a text may be such a flow.
pub(super) fn is_one(text: &str) -> bool {
    ["\"modules\"", "\"branches\"", "\"start\""].iter().all(|key| text.contains(key))
}

/// The flow in the flow language; none where it is no such flow.
pub(super) fn blocks(json: &Json) -> Option<Json> {
    let modules = match json.get("modules")? {
        Json::List(modules) => modules,
        _ => return None,
    };
    let start = json.get("start")?.as_text()?;
    let mut metadata =
        json.get("metadata").cloned().filter(|one| matches!(one, Json::Map(_))).unwrap_or_else(Json::map);
    let mut drawn = Json::map();
    for module in modules {
        if let Some(Json::Text(id)) = module.get("id") {
            drawn.set(id, drawing(module));
        }
    }
    metadata.set("ActionMetadata", drawn);
    let mut flow: Vec<(String, Json)> = vec![
        ("StartAction".to_owned(), Json::text(start)),
        ("Metadata".to_owned(), metadata),
        ("Actions".to_owned(), Json::List(modules.iter().map(block).collect())),
    ];
    let known = |key: &str| ["modules", "start", "metadata"].contains(&key);
    flow.extend(json.entries().iter().filter(|(key, _)| !known(key)).map(|(key, value)| match key.as_str() {
        "version" => ("Version".to_owned(), value.clone()),
        _ => (key.clone(), value.clone()),
    }));
    Some(Json::Map(flow))
}

/// Where a module stood, and what its queues, flows and the like are called.
fn drawing(module: &Json) -> Json {
    let mut own = module.get("metadata").cloned().filter(|one| matches!(one, Json::Map(_))).unwrap_or_else(Json::map);
    let mut names = Json::map();
    for one in module.get("parameters").map_or(&[][..], Json::items) {
        if let (Some(Json::Text(name)), Some(called @ Json::Text(_))) = (one.get("name"), one.get("resourceName")) {
            names.set(now(kind_of(module), name), Json::Map(vec![("displayName".to_owned(), called.clone())]));
        }
    }
    if !names.entries().is_empty() {
        own.set("parameters", names);
    }
    own
}

fn kind_of(module: &Json) -> &str {
    let text = |key: &str| module.get(key).and_then(Json::as_text).unwrap_or("");
    kind(text("type"), text("target"))
}

fn block(module: &Json) -> Json {
    let Json::Map(entries) = module else { return module.clone() };
    let text = |key: &str| module.get(key).and_then(Json::as_text).unwrap_or("");
    let kind = kind_of(module);
    let mut block: Vec<(String, Json)> = vec![
        ("Identifier".to_owned(), Json::text(text("id"))),
        ("Type".to_owned(), Json::text(kind)),
        ("Parameters".to_owned(), parameters(module, kind)),
        ("Transitions".to_owned(), transitions(module, kind)),
    ];
    let known = |key: &str| ["id", "type", "target", "parameters", "branches", "metadata"].contains(&key);
    block.extend(entries.iter().filter(|(key, _)| !known(key)).cloned());
    Json::Map(block)
}

fn kind<'k>(kind: &'k str, target: &str) -> &'k str {
    match (kind, target) {
        ("GetUserInput", "Lex") => "ConnectParticipantWithLexBot",
        ("Transfer", "Queue" | "") => "TransferContactToQueue",
        ("Transfer", "Flow") => "TransferToFlow",
        ("Transfer", _) => "TransferParticipantToThirdParty",
        _ => TYPES.iter().find(|(old, _)| *old == kind).map_or(kind, |(_, new)| new),
    }
}

/// A parameter by the name that it has now; where it was a value of a contact, as a reference.
fn parameters(module: &Json, kind: &str) -> Json {
    let mut map = Json::map();
    let own = module.get("parameters").map_or(&[][..], Json::items);
    let of = |wanted: &str| own.iter().find(|one| one.get("name").and_then(Json::as_text) == Some(wanted));
    let value = |one: &Json| one.get("value").cloned().unwrap_or(Json::Null);
    let mut inner = Json::map();
    for (at, one) in own.iter().enumerate() {
        let name = one.get("name").and_then(Json::as_text).unwrap_or("");
        let referred = reference(one);
        match (kind, name) {
            ("UpdateContactAttributes", "Attribute") | ("InvokeLambdaFunction", "Parameter") => {
                let key = one.get("key").and_then(Json::as_text).map_or_else(|| format!("{name} {at}"), str::to_owned);
                inner.set(&key, referred);
            }
            ("Compare", "Attribute") => {
                let space = of("Namespace").and_then(|one| one.get("value")?.as_text()).unwrap_or("User Defined");
                map.set("ComparisonValue", Json::Text(in_space(space, value(one).as_text().unwrap_or(""))));
            }
            ("Compare", "Namespace") | (_, "TextToSpeechType") => {}
            (_, "Text") => {
                let ssml = of("TextToSpeechType").and_then(|one| one.get("value")?.as_text()) == Some("ssml");
                map.set(if ssml { "SSML" } else { "Text" }, referred);
            }
            _ if map.get(now(kind, name)).is_some() => map.set(&format!("{name} {at}"), referred),
            _ => map.set(now(kind, name), referred),
        }
    }
    match kind {
        "UpdateContactAttributes" => map.set("Attributes", inner),
        "InvokeLambdaFunction" if !inner.entries().is_empty() => map.set("LambdaInvocationAttributes", inner),
        "CheckMetricData" if map.get("MetricType").is_none() => {
            map.set("MetricType", Json::text("NumberOfAgentsStaffed"));
        }
        _ => {}
    }
    map
}

fn now<'n>(kind: &str, name: &'n str) -> &'n str {
    match (kind, name) {
        (_, "Queue") => "QueueId",
        (_, "Agent") => "AgentId",
        (_, "AudioPrompt" | "Prompt") => "PromptId",
        (_, "FunctionArn") => "LambdaFunctionARN",
        ("InvokeLambdaFunction", "TimeLimit") => "InvocationTimeLimitSeconds",
        ("UpdateContactCallbackNumber", "PhoneNumber" | "CallBackNumber" | "Attribute") => "CallbackNumber",
        (_, "Timeout") => "InputTimeLimitSeconds",
        (_, "Hours" | "HoursOfOperation") => "HoursOfOperationId",
        _ => name,
    }
}

/// A value, or where in the contact it is taken from.
fn reference(one: &Json) -> Json {
    let value = one.get("value").cloned().unwrap_or(Json::Null);
    match (one.get("namespace").and_then(Json::as_text), value.as_text()) {
        (Some(space), Some(name)) => Json::Text(in_space(space, name)),
        _ => value,
    }
}

fn in_space(space: &str, name: &str) -> String {
    match space {
        "User Defined" => format!("$.Attributes.{name}"),
        "System" => format!("$.{name}"),
        "Lex" | "Lex Slots" | "Lex.Slots" => format!("$.Lex.Slots.{name}"),
        "Lex Attributes" | "Lex.SessionAttributes" => format!("$.Lex.SessionAttributes.{name}"),
        _ => format!("$.{space}.{name}"),
    }
}

/// Where a module led, as it is said now.
fn transitions(module: &Json, kind: &str) -> Json {
    let (mut next, mut conditions, mut errors) = (None, Vec::new(), Vec::new());
    for branch in module.get("branches").map_or(&[][..], Json::items) {
        let Some(to) = branch.get("transition").and_then(Json::as_text).filter(|to| !to.is_empty()) else { continue };
        let text = |key: &str| branch.get(key).and_then(Json::as_text);
        let condition = text("condition").unwrap_or("Success");
        let mut when = |operator: &str, operand: Json| {
            let test =
                vec![("Operator".to_owned(), Json::text(operator)), ("Operands".to_owned(), Json::List(vec![operand]))];
            let row = vec![("NextAction".to_owned(), Json::text(to)), ("Condition".to_owned(), Json::Map(test))];
            conditions.push(Json::Map(row));
        };
        match (condition, kind) {
            ("Success", _) => next = Some(to),
            ("Evaluate", _) => {
                let old = text("conditionType").unwrap_or("Equals");
                let operator = OPERATORS.iter().find(|(one, _)| *one == old).map_or(old, |(_, new)| new);
                when(operator, branch.get("conditionValue").cloned().unwrap_or(Json::Null));
            }
            ("Error" | "CallFailure", _) => errors.push(error("NoMatchingError", to)),
            ("NoMatch" | "Default", _) => errors.push(error("NoMatchingCondition", to)),
            ("Timeout", "GetParticipantInput" | "StoreUserInput" | "ConnectParticipantWithLexBot") => {
                errors.push(error("InputTimeLimitExceeded", to));
            }
            ("AtCapacity", _) => errors.push(error("QueueAtCapacity", to)),
            ("Looping", _) => when("Equals", Json::text("ContinueLooping")),
            ("Complete", "Loop") => when("Equals", Json::text("DoneLooping")),
            ("True", "CheckMetricData") => when("NumberGreaterThan", Json::text("0")),
            ("False", "CheckMetricData") => errors.push(error("NoMatchingCondition", to)),
            (other, _) => when("Equals", Json::text(other)),
        }
    }
    let mut map: Vec<(String, Json)> = next.map(|to| ("NextAction".to_owned(), Json::text(to))).into_iter().collect();
    for (key, rows) in [("Conditions", conditions), ("Errors", errors)] {
        if !rows.is_empty() {
            map.push((key.to_owned(), Json::List(rows)));
        }
    }
    Json::Map(map)
}

fn error(kind: &str, to: &str) -> Json {
    Json::Map(vec![("ErrorType".to_owned(), Json::text(kind)), ("NextAction".to_owned(), Json::text(to))])
}
