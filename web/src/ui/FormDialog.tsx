import { Modal } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  title: ReactNode;
  opened: boolean;
  onClose: () => void;
  size?: "md" | "lg" | "xl";
  children: ReactNode;
};

/** A form above its page. A stray click beside it loses nothing; its state is fresh each time it opens. */
export function FormDialog({ title, opened, onClose, size = "lg", children }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeOnClickOutside={false}>
      {opened && children}
    </Modal>
  );
}
