import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";

type Props = {
  url: string;
  body?: object;
  label: string;
  onQueued: (progressUrl: string) => void;
  size?: string;
  /** Says elsewhere why it is refused, where there is no room beneath the button; null once it is asked anew. */
  onRefused?: (error: unknown) => void;
};

/** Asks for long work, and says why when it is refused. */
export function AskButton({ url, body = {}, label, onQueued, size = "sm", onRefused }: Props) {
  const isBusy = useRef(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => writeJson<{ progress_url: string }>("POST", url, body),
    onMutate: () => onRefused?.(null),
    onError: (refused) => onRefused?.(refused),
    onSuccess: (queued) => onQueued(queued.progress_url),
    onSettled: () => {
      isBusy.current = false;
    },
  });
  // Two presses may come before the button shows that it waits.
  const press = () => {
    if (isBusy.current) return;
    isBusy.current = true;
    mutate();
  };
  return (
    <Stack gap="xs" align="flex-start">
      <Button variant="default" size={size} loading={isPending} onClick={press}>
        {label}
      </Button>
      {error && !onRefused && <ErrorPanel error={error} />}
    </Stack>
  );
}
