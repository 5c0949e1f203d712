// Files that are fetched, because the server may ask who is there before it gives them, or make them by a job.
import { send } from "./transport";

export type LongExport = { job: number; url: string };

/** Saves the file at once, or tells of the job that makes it and where its file will be. */
export async function fetchExport(url: string): Promise<LongExport | null> {
  const response = await send(new Request(new URL(url, window.location.origin)));
  if (response.status === 202) {
    const made = (await response.json()) as { job_id: number; file_url: string };
    return { job: made.job_id, url: made.file_url };
  }
  save(await response.blob(), nameIn(response.headers.get("Content-Disposition") ?? ""));
  return null;
}

function nameIn(disposition: string): string {
  return /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? "export";
}

function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
