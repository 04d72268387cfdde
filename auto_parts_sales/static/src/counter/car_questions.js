import { usePopover } from "@web/core/popover/popover_hook";

import { makeAnswer } from "../parts/car_facts";
import { FitQuestion } from "../parts/fit_question";

/**
 * Asks what decides whether a part fits, and keeps what was said of the car with the
 * call: it answers for all parts.
 *
 * @param {object} counter the parts_counter service
 * @param {object} handlers
 * @param {() => Promise<string | undefined>} handlers.onChange finds anew; resolves to
 *  what the server refuses to understand
 * @param {(text: string) => void} handlers.onRefused tells so
 * @param {() => void} handlers.onClose called when the question is gone
 */
export function useCarQuestions(counter, { onChange, onRefused, onClose }) {
    const popover = usePopover(FitQuestion, { position: "bottom-start", onClose });

    async function answer(hit, chosen) {
        const { answers } = counter.state;
        counter.set({ answers: [...answers, makeAnswer(hit.question_kind, chosen)] });
        const refused = await onChange();
        if (refused) {
            counter.set({ answers });
            await onChange();
            onRefused(refused);
        }
    }

    return {
        /** @param {Element} target below which to ask about a hit */
        ask(target, hit) {
            popover.open(target, {
                question: hit.question,
                condition: hit.fit_condition,
                options: hit.options,
                ownWords: hit.question_kind !== "condition",
                answer: (chosen) => answer(hit, chosen),
            });
        },
        /** Forget an answer, by its place. */
        drop(index) {
            const answers = counter.state.answers.filter((_answer, place) => place !== index);
            counter.set({ answers });
            return onChange();
        },
    };
}
