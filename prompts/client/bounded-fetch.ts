/** A fetch that gives up: on an answer that grows too large, on a server that sends the key elsewhere, and when it is told to. */

/** An edit of a few files is far below; a server that sends more is broken or hostile. */
const mostBytes = 1024 * 1024;

/** The server sent more than {@link mostBytes}. */
export class TooLargeError extends Error {
  override name = "TooLargeError";
}

/** `signal` ends the reading of the body, too. */
export function boundedFetch(signal: AbortSignal): typeof fetch {
  return async (url, init) => {
    const signals = init?.signal ? [signal, init.signal] : [signal];
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.any(signals) });
    if (response.body === null) return response;
    let left = mostBytes;
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength;
        if (left < 0) controller.error(new TooLargeError());
        else controller.enqueue(chunk);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(bounded), { status, statusText, headers });
  };
}
