package io.crossfade.call;

/** Changes nothing; may run on either side, or on both and be compared. */
public record Read(Repository repository, Caller caller, Query query, Answer answer) implements Call {
    @Override
    public Operation operation() {
        if (!answer.body()) {
            return Operation.COUNT;
        }
        boolean one = answer.shape() == Answer.Shape.OBJECT || (query.limit() != null && query.limit() == 1);
        return one ? Operation.FIND_ONE : Operation.FIND_MANY;
    }
}
