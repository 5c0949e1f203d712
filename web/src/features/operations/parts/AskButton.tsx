import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
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
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(false);
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
    hadFocus.current = document.activeElement === button.current;
    mutate();
  };
  // A browser takes the focus from a button that waits; who came by keyboard goes on where they were.
  useEffect(() => {
    if (isPending || !hadFocus.current) return;
    hadFocus.current = false;
    if (document.activeElement === document.body) button.current?.focus();
  }, [isPending]);
  return (
    <Stack gap="xs" align="flex-start">
      <Button ref={button} variant="default" size={size} loading={isPending} onClick={press}>
        {label}
      </Button>
      {error && !onRefused && <ErrorPanel error={error} />}
    </Stack>
  );
}
