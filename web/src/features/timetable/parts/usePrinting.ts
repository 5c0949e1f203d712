// A pack for print: at once where the server makes it at once, by a job where it says that there are too many pages.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useSubmitKeys } from "../../../api/idempotency";
import { asProblem } from "../../../api/problem";
import { send, writeJson } from "../../../api/transport";

export type Subject = "faculty" | "room" | "group" | "department";
export type Pack = { by: Subject; id: number[]; from: string; to: string };

const PRINT = "/api/v1/timetable/print/";
const TOO_MANY = "too_many_pages";

const fileOf = (job: number) => `${PRINT}jobs/${job}/file/`;

function addressOf({ by, id, from, to }: Pack): string {
  const query = new URLSearchParams([
    ["by", by],
    ...id.map((each) => ["id", String(each)]),
    ["from", from],
    ["to", to],
  ]);
  return new URL(`${PRINT}?${query}`, window.location.origin).href;
}

/** Hands a file to the browser, which keeps it or shows it as its reader has set it. */
function download(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}

export function usePrinting() {
  const keys = useSubmitKeys();
  const [job, setJob] = useState<number | null>(null);
  const [file, setFile] = useState<string | null>(null);

  const offer = (href: string, name: string) => {
    setFile(href);
    download(href, name);
  };

  const start = useMutation({
    onMutate: () => {
      setJob(null);
      setFile(null);
    },
    mutationFn: async (pack: Pack) => {
      const name = `timetables-${pack.by}-${pack.from}.pdf`;
      try {
        const request = new Request(addressOf(pack), { headers: { Accept: "application/pdf" } });
        const pdf = await (await send(request)).blob();
        offer(URL.createObjectURL(pdf), name);
      } catch (error) {
        if (asProblem(error).code !== TOO_MANY) throw error;
        const idempotencyKey = keys.keyFor(pack);
        const made = await writeJson<{ id: number }>("POST", `${PRINT}jobs/`, pack, { idempotencyKey });
        keys.settle();
        setJob(made.id);
      }
    },
  });

  return {
    start: start.mutate,
    isStarting: start.isPending,
    error: start.error,
    /** The job that makes the pack, while it is one. */
    job,
    /** Where the finished file is. */
    file,
    arrived: (status: string) => {
      if (status === "succeeded" && job !== null) offer(fileOf(job), "");
    },
    forget: () => {
      setJob(null);
      setFile(null);
      start.reset();
    },
  };
}
