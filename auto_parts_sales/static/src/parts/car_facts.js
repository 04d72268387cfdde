/**
 * What was answered about a car: texts for people, facts for the server.
 *
 * @typedef {{text: string, facts: object}} Answer
 */

/**
 * @param {Answer[]} answers
 * @returns {object | null} what they say together, null if nothing
 */
export function mergeFacts(answers) {
    if (!answers.length) {
        return null;
    }
    const merged = {};
    for (const { facts } of answers) {
        const { conditions, not_engine_code: not, ...others } = facts;
        Object.assign(merged, others);
        if (conditions) {
            merged.conditions = { ...merged.conditions, ...conditions };
        }
        if (not) {
            merged.not_engine_code = [merged.not_engine_code, not].filter(Boolean).join(", ");
        }
    }
    return merged;
}

/**
 * @param {string} kind of the question
 * @param {{value: string, label: string, facts: object} | string} chosen one of the
 *  answers offered, or a person's own words
 * @returns {Answer}
 */
export function makeAnswer(kind, chosen) {
    if (typeof chosen === "string") {
        return { text: chosen, facts: { [kind]: chosen } };
    }
    const [condition] = Object.keys(chosen.facts.conditions || {});
    const text = condition ? `${condition}: ${chosen.label}` : chosen.label;
    return { text, facts: chosen.facts };
}
