/**
 * The closed lists of the law (dispatch/lifecycles.py, dispatch/actions/notes.py) that a screen offers, in the order it offers them: the usual first.
 * `tests/words.test.ts` holds them against the server's.
 */
export const REFUSE_REASONS = ['busy', 'too_far', 'vehicle', 'injured', 'unsafe', 'off_shift', 'other'] as const;
export const DISPOSITIONS = ['handled', 'mediated', 'no_trace', 'handed_over', 'detained', 'medical', 'false_report', 'not_needed', 'other'] as const;
export const CALL_CHANNELS = ['phone', 'sms', 'app', 'radio', 'walk_in', 'alarm', 'other'] as const;
export const CALL_CLOSE_REASONS = ['nuisance', 'no_speech', 'transferred', 'test', 'advice'] as const;
export const CALLBACK_RESULTS = ['satisfied', 'dissatisfied', 'no_answer', 'wrong_number', 'declined'] as const;
export const DISTRESS_OUTCOMES = ['real', 'drill', 'false_press'] as const;
export const TRACKER_APPS = ['traccar', 'owntracks', 'osmand'] as const;
export const FEEDBACK_STAGES = ['first', 'further', 'final'] as const;
