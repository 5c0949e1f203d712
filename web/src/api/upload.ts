// A file on its way with its progress, which fetch cannot tell; refusals are Problems as everywhere.
import { problemFrom, unreachable } from "./problem";
import { csrfToken } from "./transport";

type Options = {
  /** The part that has gone out, 0 to 1. */
  onProgress: (part: number) => void;
  signal?: AbortSignal;
};

/** Posts one file as `file`; resolves when the server has taken it. */
export async function upload(url: string, file: Blob, name: string, options: Options): Promise<void> {
  const token = await csrfToken();
  const body = new FormData();
  body.set("file", file, name);
  const response = await posted(url, body, token, options);
  if (!response.ok) throw await problemFrom(response);
}

function posted(url: string, body: FormData, token: string, options: Options): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Accept-Language", document.documentElement.lang || "en");
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) options.onProgress(loaded / total);
    };
    request.onload = () => resolve(answerOf(request));
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("", "AbortError"));
    options.signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

const WITHOUT_BODY = new Set([204, 205, 304]);

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["Content-Type", "Retry-After", "X-Request-Id"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  const text = WITHOUT_BODY.has(request.status) ? null : request.responseText;
  return new Response(text, { status: request.status, headers });
}
